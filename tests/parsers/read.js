// What rss-parser makes of the feed on standard input, as JSON.
const Parser = require("rss-parser");

new Parser()
  .parseString(require("fs").readFileSync(0, "utf8"))
  .then((feed) => {
    const items = feed.items.map((item) => ({
      id: item.guid || item.id,
      title: item.title,
      url: item.link,
      published: item.isoDate,
      content: item["content:encoded"] || item.content,
      enclosure: (item.enclosure || {}).url || "",
    }));
    console.log(JSON.stringify({ title: feed.title, url: feed.link, items }));
  });
