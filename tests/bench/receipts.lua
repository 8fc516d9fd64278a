-- tests/bench/receipts.lua: pushes a receipt for each reference of the file that the variable REFERENCES names, one a request,
-- for wrk -t1. A file that is used up begins again: a receipt that comes twice is taken like any other.
local references, at = {}, 0
for line in io.lines(os.getenv("REFERENCES")) do references[#references + 1] = line end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
    at = at % #references + 1
    return wrk.format(nil, nil, nil, '{"reference":"' .. references[at] .. '","id":"S' .. at .. '","status":"DELIVRD","code":"000"}')
end
