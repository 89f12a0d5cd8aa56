-- What wrk has measured, as one line of JSON behind "JSON ", for a program to read.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

-- Have so many milliseconds pass before each request of a connection; wrk looks whether there is a `delay`.
function pause(milliseconds)
  if milliseconds then
    delay = function() return tonumber(milliseconds) end
  end
end

local function pairs_of(counts)
  local parts = {}
  for name, count in pairs(counts) do
    parts[#parts + 1] = string.format('"%s": %d', name, count)
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function statuses()
  local all = {}
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses") or {}) do
      all[status] = (all[status] or 0) + count
    end
  end
  return pairs_of(all)
end

function done(summary, latency, requests)
  io.write(string.format(
    'JSON {"seconds": %.6f, "requests": %d, "bytes": %.0f, "errors": %s, "statuses": %s, ' ..
    '"p50": %.3f, "p99": %.3f, "longest": %.3f}\n',
    summary.duration / 1e6, summary.requests, summary.bytes, pairs_of(summary.errors), statuses(),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
