import java.net.HttpURLConnection;
import java.net.URL;

/** Asks for each address by each of GET and HEAD; says a line each: the last status, and the address it was met at. */
class Visit {
    public static void main(String[] addresses) throws Exception {
        for (String address : addresses) {
            for (String method : new String[] {"GET", "HEAD"}) {
                HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
                connection.setRequestMethod(method);
                System.out.println(connection.getResponseCode() + " " + connection.getURL());
                connection.disconnect();
            }
        }
    }
}
