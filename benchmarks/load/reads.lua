-- The same request over and over: `wrk ... -- [PAUSE]`, with so many milliseconds before each. Statuses are not counted
-- one by one, for that would cost more than the request; wrk itself counts those that are no success.

local here = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(here .. "told.lua")

function init(args)
  pause(args[1])
end
