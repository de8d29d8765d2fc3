// What a connector can be asked, one small base class an operation. A connector derives from those it offers; an
// exception that leaves one of these functions is answered as `internal` with its what().
#pragma once

#include <plugboard/call.hpp>
#include <plugboard/health.h>

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

// What the person behind the data has a right to: all that the system holds about him, and that it is erased. The
// request has the identifiers that the manifest's "subject" needs. They must not block when the manifest says async.
class Export {
 public:
  virtual ~Export() = default;
  virtual Result<SubjectData> export_subject(const Request& request) = 0;
};

// Asked again, it finds nothing more to erase. What the connector keeps itself (kv) about the customer goes, too.
class Erase {
 public:
  virtual ~Erase() = default;
  virtual Result<Erased> erase_subject(const Request& request) = 0;
};

// plugboard.health/1: can it do what it is there for? Asked now and then, on no customer's behalf: cheap, and changes
// nothing. Derived from, it is offered; the manifest says nothing of it. Must not block when the manifest says async.
class Health {
 public:
  virtual ~Health() = default;
  virtual Result<Healthy> check_health(const Request& request) = 0;
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

class AsyncExport {
 public:
  virtual ~AsyncExport() = default;
  virtual void export_subject(const Request& request, Call call) = 0; // completed with a SubjectData
};

class AsyncErase {
 public:
  virtual ~AsyncErase() = default;
  virtual void erase_subject(const Request& request, Call call) = 0; // completed with an Erased
};

class AsyncHealth {
 public:
  virtual ~AsyncHealth() = default;
  virtual void check_health(const Request& request, Call call) = 0; // completed with a Healthy
};

} // namespace plugboard
