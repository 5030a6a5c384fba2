async function answered(request, ask) {
  const path = new URL(request.url).pathname;
  const at = (place, like) => {
    return ask(new Request(new URL(place, request.url), like), own(place.replace(/index\.html$/, "")));
  };
  let made = answer(request.method, path, request.headers.get("Sec-Fetch-Dest"));
  if (!made && lacksSlash(path) && (await at(stored(path + "/"), { method: "HEAD" })).ok) made = slashed(path);
  if (made) return new Response(null, { status: made[0], headers: made[1] });
  const missing = TABLE.prefix + TABLE.missing;
  let found = null;
  if (path !== missing && !isHidden(own(path))) found = await at(stored(path), request);
  let status = found ? found.status : 404;
  if (status === 403 || status === 404) {
    found = await at(missing);
    status = 404;
  } else if (status === 200 && isGone(path)) status = 410;
  const given = new Response(found.body, { status, headers: found.headers });
  const fields = said(status === 404 ? missing : path);
  Object.keys(fields).forEach((name) => given.headers.set(name, fields[name]));
  return given;
}
