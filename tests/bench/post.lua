-- tests/bench/post.lua: what the dispatcher posts to the simulated gateway, for wrk.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"to": "13000000000", "text": "' .. string.rep("东莞", 30) .. '", "from": "12333", ' ..
           '"reference": "00000000000000000000000000000000", "callback": "", "replies": ""}'
