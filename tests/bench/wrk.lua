-- wrk -s wrk.lua URL -- KIND CONNECTION ETAG: what is asked, and the result as one line of JSON.
-- KIND is identity, gzip, 304, mix or unseen (a head that no request had before); CONNECTION is keep-alive or close.

local serial = 0
local heads = {}
local kind, connection, etag

local function head(more)
  local fields = { ["User-Agent"] = "Miniflux/2.2.0", ["Accept"] = "application/atom+xml, */*" }
  if connection == "close" then fields["Connection"] = "close" end
  for name, value in pairs(more) do fields[name] = value end
  return wrk.format("GET", nil, fields)
end

function init(args)
  kind, connection, etag = args[1], args[2], args[3]
  local identity = head({})
  local zipped = head({ ["Accept-Encoding"] = "gzip" })
  local unchanged = head({ ["Accept-Encoding"] = "gzip", ["If-None-Match"] = etag })
  if kind == "identity" then heads = { identity }
  elseif kind == "gzip" then heads = { zipped }
  elseif kind == "304" then heads = { unchanged }
  elseif kind == "mix" then -- as readers poll: most know the feed already
    heads = { unchanged, unchanged, zipped, unchanged, unchanged, unchanged, identity, unchanged, zipped, unchanged }
  else
    heads = { (string.gsub(zipped, "Miniflux/2.2.0", "Reader/%%s")) }
  end
end

function request()
  serial = serial + 1
  if kind == "unseen" then return string.format(heads[1], serial .. "-" .. math.random(1000000000)) end
  return heads[serial % #heads + 1]
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "p50": %f, "p99": %f, "status": %d, "socket": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    wrong.status, wrong.connect + wrong.timeout))
end
