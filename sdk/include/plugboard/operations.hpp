// What a connector can be asked, one small base class an operation. A connector derives from those it offers; an
// exception that leaves one of these functions is answered as `internal` with its what().
#pragma once

#include <plugboard/call.hpp>

namespace plugboard {

// Manifest: "execution": "blocking". Each call has a thread of its own for as long as it takes. [call]
class Lookup {
 public:
  virtual ~Lookup() = default;
  virtual Result<Section> lookup(const Request& request) = 0;
};

// A section from others: `request.input("contact")`. What is required is there. [call]
class Derive {
 public:
  virtual ~Derive() = default;
  virtual Result<Section> derive(const Request& request) = 0; // must not block when the manifest says async
};

class Authenticate {
 public:
  virtual ~Authenticate() = default;
  // A Proof, or a Challenge: then it is asked again, with request.state(). Must not block when the manifest says async.
  virtual Result<Step> authenticate(const Request& request) = 0;
};

// Besides authenticating: an issuer's word that a login is over (OpenID Connect Back-Channel Logout).
class Logout {
 public:
  virtual ~Logout() = default;
  virtual Result<LoggedOut> logout(const Request& request) = 0; // must not block when the manifest says async
};

// Manifest: "execution": "async". Called on a thread that serves many requests: return at once, answer through `call`
// now or later. `request` and its views live until the call is answered. [call]
class AsyncLookup {
 public:
  virtual ~AsyncLookup() = default;
  virtual void lookup(const Request& request, Call call) = 0;
};

class AsyncDerive {
 public:
  virtual ~AsyncDerive() = default;
  virtual void derive(const Request& request, Call call) = 0;
};

class AsyncAuthenticate {
 public:
  virtual ~AsyncAuthenticate() = default;
  virtual void authenticate(const Request& request, Call call) = 0; // completed with a Proof or a Challenge
};

class AsyncLogout {
 public:
  virtual ~AsyncLogout() = default;
  virtual void logout(const Request& request, Call call) = 0; // completed with a LoggedOut
};

} // namespace plugboard
