function handler(event) {
  const request = event.request;
  const response = event.response;
  const path = request.uri.replace(/index\.html$/, "");
  function put(fields, headers) {
    Object.keys(fields).forEach(function (name) { headers[name.toLowerCase()] = { value: fields[name] }; });
    return headers;
  }
  if (response) {
    if (response.statusCode === 200 && isGone(path)) response.statusCode = 410;
    put(said(path), response.headers);
    return response;
  }
  if (isHidden(own(path))) return { statusCode: 404 };
  const destination = request.headers["sec-fetch-dest"];
  let made = answer(request.method, request.uri, destination && destination.value);
  if (!made && lacksSlash(request.uri)) made = slashed(request.uri);
  if (made) return { statusCode: made[0], headers: put(made[1], {}) };
  request.uri = stored(request.uri);
  return request;
}
