#!/usr/bin/env python3
"""Signs a customer's token as a chat widget's back end does: HS256 over who they are. Usage: sign_token.py KEYFILE EMAIL"""
import base64
import hashlib
import hmac
import json
import sys
import time

key = open(sys.argv[1], "rb").read().rstrip(b"\r\n")
now = int(time.time())
part = lambda data: base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")
claims = {"iss": "https://chat.shop.example", "aud": "support", "sub": sys.argv[2], "email": sys.argv[2], "iat": now, "exp": now + 300}
signed = part({"alg": "HS256", "typ": "JWT"}) + b"." + part(claims)
print((signed + b"." + base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest()).rstrip(b"=")).decode())
