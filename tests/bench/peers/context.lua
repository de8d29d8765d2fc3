-- POST /v1/context in nginx: the key, the session, all systems at once, their answers spliced.
if ngx.var.http_authorization ~= "Bearer " .. config.key then
  return ngx.exit(ngx.HTTP_UNAUTHORIZED)
end
ngx.req.read_body()
local ask = cjson.decode(ngx.req.get_body_data() or "")
local customer = ask and config.sessions[ask.session]
if not customer then
  return ngx.exit(ngx.HTTP_NOT_FOUND)
end

local calls = {}
for i, section in ipairs(ask.sections) do
  calls[i] = {"/systems/" .. section:match("^[^.]+"), {args = "customer=" .. customer, method = ngx.HTTP_GET}}
end
local answers = {ngx.location.capture_multi(calls)}

local parts, n = {'{"sections":{'}, 1
for i, section in ipairs(ask.sections) do
  local good = answers[i].status == 200
  parts[n + 1] = (i > 1 and ',"' or '"') .. section .. (good and '":{"status":"ok","data":' or '":{"status":"error","data":')
  parts[n + 2] = good and answers[i].body or "null"
  parts[n + 3] = "}"
  n = n + 3
end
parts[n + 1] = "}}"
local body = table.concat(parts)
ngx.header.content_type = "application/json"
ngx.header.content_length = #body
ngx.print(body)
