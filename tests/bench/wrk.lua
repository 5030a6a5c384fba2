-- wrk -s wrk.lua URL -- KIND CONNECTION ETAG: what is asked, and the result as one line of JSON.
-- KIND is identity, gzip, 304, mix or unseen (a head that no request had before); CONNECTION is keep-alive or close.

local kind, connection, etag

local function head(more)
  local fields = { ["User-Agent"] = "Miniflux/2.2.0", ["Accept"] = "application/atom+xml, */*" }
  if connection == "close" then fields["Connection"] = "close" end
  for name, value in pairs(more) do fields[name] = value end
  return fields
end

function init(args)
  kind, connection, etag = args[1], args[2], args[3]
  local identity = head({})
  local zipped = head({ ["Accept-Encoding"] = "gzip" })
  local unchanged = head({ ["Accept-Encoding"] = "gzip", ["If-None-Match"] = etag })
  local serial = 0
  -- One head for all is wrk's own business: without a request function it does not call Lua for each, which would take
  -- more of its core than the fastest servers take of theirs.
  local same = ({ identity = identity, gzip = zipped, ["304"] = unchanged })[kind]
  if same then
    for name, value in pairs(same) do wrk.headers[name] = value end
  elseif kind == "mix" then -- as readers poll: most know the feed already
    local polls = { unchanged, unchanged, zipped, unchanged, unchanged, unchanged, identity, unchanged, zipped, unchanged }
    local heads = {}
    for place, fields in ipairs(polls) do heads[place] = wrk.format("GET", nil, fields) end
    request = function()
      serial = serial + 1
      return heads[serial % #heads + 1]
    end
  else
    zipped["Reader-Id"] = "%d" -- a field of the reader's own, beside its name and a query
    local form = string.gsub(wrk.format("GET", wrk.path .. "?poll=%%d", zipped), "Miniflux/2.2.0", "Reader/%%d")
    request = function()
      serial = serial + 1
      return string.format(form, serial, math.random(1000000000), serial)
    end
  end
end

function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "microseconds": %d, "p50": %f, "p99": %f, "status": %d, "socket": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    wrong.status, wrong.connect + wrong.timeout))
end
