-- Each request another one: `wrk ... -- FILE [PAUSE]`; a line of FILE is token, Idempotency-Key and body, parted by
-- tabs, and before each request are so many milliseconds. The run is over after the last line; what is asked beyond it is answered 404 and not meant.

local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "told.lua")

local next_line
statuses = {}

function init(args)
  next_line = io.lines(args[1])
  pause(args[2])
end

function request()
  local line = next_line and next_line()
  if not line then
    next_line = nil
    wrk.thread:stop()
    return "GET /nothing/more HTTP/1.1\r\nHost: localhost\r\n\r\n"
  end
  local token, key, body = line:match("^(.-)\t(.-)\t(.*)$")
  return table.concat({
    "POST ", wrk.path, " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n",
    "Authorization: Bearer ", token, "\r\nIdempotency-Key: ", key,
    "\r\nContent-Length: ", #body, "\r\n\r\n", body,
  })
end

function response(status)
  statuses[status] = (statuses[status] or 0) + 1
end
