-- tests/bench/post.lua: posts the file that the variable BODY names, over and over, for wrk.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = io.open(os.getenv("BODY")):read("*a")
