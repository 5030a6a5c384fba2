// What is said in front of the store, by the table above, for no store can do it. Plain words, which old engines know.

function first(rows, path) {
  return rows.find(function (row) { return new RegExp(row[0]).test(path); });
}

function always(fields, others) {
  return Object.assign({}, TABLE.fields.always, fields, others);
}

// The path below that of the site.
function own(path) {
  return path.startsWith(TABLE.prefix + "/") ? path.slice(TABLE.prefix.length) : path;
}

function isHidden(path) {
  return /^\/(?:_rules\/|\.(?!well-known\/))/.test(path);
}

function isGone(path) {
  return TABLE.gone.indexOf(own(path)) >= 0;
}

function sorted(mix) {
  return mix.split("_").sort().join("_");
}

// The path with the categories of a mix in the order of the site.
function ordered(path) {
  const parts = path.match(/^((?:\/[\w-]+)*?\/)([a-z\d-]+(?:_[a-z\d-]+)+)(\/[\w.\/-]*)$/);
  const mix = parts && TABLE.mixes.find(function (each) { return sorted(each) === sorted(parts[2]); });
  return mix ? parts[1] + mix + parts[3] : path;
}

// Where a path leads: status, place and fields; nothing where there may be a document.
function leads(path, destination) {
  const moved = TABLE.moved[path] || TABLE.moved[path + "/"];
  if (moved) return [moved[1], moved[0], TABLE.fields.moved];
  const way = first(TABLE.ways, path);
  if (way) return [way[2], path.replace(new RegExp(way[0]), way[1]), TABLE.fields.moved];
  if (ordered(path) !== path) return [301, ordered(path), TABLE.fields.moved];
  const rule = first(TABLE.rules, path);
  if (rule && rule[2] && destination === "document") {
    const page = path.match(/^((?:\/[\w-]+)*?\/)(?:\d{4}\/(?:\d\d?\/)*)?[^\/]*$/);
    return [303, (page ? page[1] : "/") + TABLE.follow, TABLE.fields.visit];
  }
  return null;
}

// Whether a path lacks the slash of a page that there may be.
function lacksSlash(path) {
  return /\/[^\/.]+$/.test(path) && Boolean(first(TABLE.rules, own(path) + "/"));
}

function slashed(path) {
  return [301, always({ Location: path + "/" }, TABLE.fields.moved)];
}

// What is answered without asking the store: status and fields; nothing where it is to be asked.
function answer(method, path, destination) {
  if (method === "OPTIONS") return [204, always(TABLE.fields.preflight)];
  if (method !== "GET" && method !== "HEAD") return [405, { Allow: TABLE.fields.preflight.Allow }];
  const led = leads(own(path), destination);
  return led && [led[0], always({ Location: TABLE.prefix + led[1] }, led[2])];
}

// The path of the object in the store.
function stored(path) {
  return path.endsWith("/") ? path + "index.html" : path;
}

function linked(link, path) {
  const folder = path.replace(/[^\/]*$/, "");
  const parent = folder.replace(/[^\/]+\/$/, "");
  const places = { self: path, folder: folder, parent: parent };
  return link.replace(/\{(self|folder|parent)\}/, function (_, name) { return TABLE.base + places[name]; });
}

// What a document says that its object cannot.
function said(path) {
  const rule = first(TABLE.rules, own(path)) || [];
  const own_fields = { Vary: rule[2] ? "Accept-Encoding, Sec-Fetch-Dest" : "Accept-Encoding" };
  const hubs = TABLE.topics.indexOf(own(path)) < 0 ? [] : TABLE.hubs;
  const links = hubs.concat(TABLE.links[rule[3]] || []).map(function (link) { return linked(link, own(path)); });
  if (links.length) own_fields.Link = links.join(", ");
  return Object.assign(own_fields, TABLE.fields.all, TABLE.sets[rule[1]]);
}
