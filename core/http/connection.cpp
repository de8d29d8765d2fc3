#include "core/http/connection.hpp"

#include "core/http/response_writer.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace plugboard::http {
namespace {

constexpr std::size_t kBacklog = 64 * 1024;         // beyond it a client that pipelines is not read
constexpr std::size_t kDiscarded = 2 * 1024 * 1024; // of what a refused client still sends
constexpr std::chrono::milliseconds kLinger{1'000};

} // namespace

Connection::Connection(ConnectionHost& host, std::unique_ptr<Transport> transport, Peer peer, Crowd::Place place)
    : host_(&host), transport_(std::move(transport)), peer_(std::move(peer)), place_(std::move(place)),
      reader_(host.limits.header_bytes, host.limits.body_bytes),
      phase_(host.handshakes ? Phase::greeting : Phase::reading) {
  set_time(host.handshakes ? host.limits.header_time : host.limits.idle_time);
  idle_since_ = host.clock.now();
}

void Connection::begin() {
  readable_ = true; // the first request often comes with the connection
  pump();
}

// A loop, so that a handler that answers at once and a client that pipelines a thousand requests use no stack.
void Connection::pump() {
  if (pumping_) return;
  const auto self = shared_from_this();
  pumping_ = true;
  try { // the root of a connection: where memory ends, it ends
    while (step()) {}
  } catch (const std::exception& error) {
    give_up(error.what());
  }
  pumping_ = false;
}

// Needs no memory.
void Connection::give_up(const char* why) {
  if (phase_ == Phase::closed) return;
  host_->log.error("http.connection_given_up", {{"reason", why}});
  try {
    close();
  } catch (const std::exception&) { // whoever was to hear that the client is gone; it is, all the same
  }
}

bool Connection::step() {
  switch (phase_) {
  case Phase::greeting:
    return greet_step();
  case Phase::reading:
    return read_step();
  case Phase::handling:
    return watch_step();
  case Phase::writing:
    return write_step();
  case Phase::lingering:
    return linger_step();
  case Phase::closed:
    break;
  }
  return false;
}

bool Connection::greet_step() {
  const auto moved = transport_->greet();
  switch (moved.io) {
  case Io::moved:
    return greeted();
  case Io::wait_read:
    wait_readable();
    return false;
  case Io::wait_write:
    wait_writable();
    return false;
  case Io::ended:
  case Io::failed:
    break;
  }
  return greeting_failed();
}

bool Connection::greeted() {
  auto greeting = transport_->greeting();
  (greeting.resumed ? host_->handshakes->resumed : host_->handshakes->full).add();
  peer_.certificate = std::move(greeting.certificate);
  phase_ = Phase::reading;
  set_time(host_->limits.idle_time);
  return true;
}

// The client is let to read why: TLS's alert, or, if it speaks none, an answer that it understands.
bool Connection::greeting_failed() {
  host_->handshakes->failed.add();
  host_->log.debug("http.handshake_failed", {{"reason", transport_->complaint()}, {"peer", peer_.address}});
  if (!transport_->greeting().clear_text) {
    linger();
    return true;
  }
  auto socket = std::move(transport_->socket());
  transport_ = plain_transport(std::move(socket));
  refuse({400, "this port speaks TLS: ask https:// instead of http://"});
  return true;
}

Moved Connection::read() {
  const auto moved = transport_->read(host_->scratch);
  readable_ = moved.io == Io::moved && (moved.bytes == host_->scratch.size() || transport_->holds_bytes());
  return moved;
}

bool Connection::read_step() {
  if (!backlog_.empty()) return feed(backlog_, true);
  if (peer_ended_) return read_failed({Io::ended});
  if (!readable_) {
    wait_readable();
    return false;
  }
  const auto moved = read();
  if (moved.io == Io::moved) return feed({host_->scratch.data(), moved.bytes}, false);
  return read_failed(moved);
}

// Whether there is more to do. Half a request is nothing that could be answered.
bool Connection::read_failed(const Moved& moved) {
  if (moved.io == Io::wait_read) return true;
  if (moved.io == Io::wait_write) { // TLS has to say something before it goes on
    readable_ = true;
    wait_writable();
    return false;
  }
  if (moved.io == Io::failed)
    host_->log.debug("http.connection_failed", {{"reason", transport_->complaint()}, {"peer", peer_.address}});
  close();
  return false;
}

bool Connection::feed(std::string_view bytes, bool from_backlog) {
  const bool fresh = !reader_.begun();
  const bool in_head = reader_.state() == RequestReader::State::head;
  const auto used = reader_.feed(bytes);
  if (from_backlog)
    backlog_.erase(0, used);
  else
    backlog_.assign(bytes.substr(used));
  if (fresh) set_time(host_->limits.header_time);
  if (in_head && reader_.state() == RequestReader::State::body) {
    set_time(host_->limits.body_time);
    ask_for_body();
  }
  if (reader_.state() == RequestReader::State::refused) refuse(reader_.refusal());
  if (reader_.state() == RequestReader::State::complete) handle();
  return true;
}

void Connection::ask_for_body() {
  if (!reader_.framing().expects_continue || reader_.body_begun() || asked_for_body_) return;
  asked_for_body_ = true;
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  write(Next::body);
}

void Connection::handle() {
  if (!transport_->still_welcome())
    return refuse({401, "the listener's client authorities have changed, and do not vouch for this connection; connect "
                        "again with a certificate of theirs"});
  phase_ = Phase::handling;
  expires_ = Instant::max(); // the handler has a deadline of its own
  auto& request = reader_.request();
  request.peer = &peer_;
  const auto now = host_->clock.now();
  request.received = now - host_->queue_age.of_what_comes(now, host_->under_way++);
  auto& log = host_->log;
  try { // the root of a request: it dies alone
    host_->handler(request, Responder(std::static_pointer_cast<Exchange>(shared_from_this())));
  } catch (const std::exception& error) {
    log.error("http.handler_threw", {{"what", error.what()}});
  } catch (...) {
    log.error("http.handler_threw", {{"what", "something that is no std::exception"}});
  }
}

// While a handler works: notices that the client has gone, and keeps what it sends meanwhile.
bool Connection::watch_step() {
  if (peer_ended_ || backlog_.size() >= kBacklog) return false;
  if (!readable_) {
    wait_readable();
    return false;
  }
  const auto moved = read();
  if (moved.io == Io::ended) {
    client_is_gone();
  } else if (moved.io != Io::moved) {
    return read_failed(moved);
  }
  backlog_.append(host_->scratch.data(), moved.bytes);
  return true;
}

// It may have closed only its own direction, so an answer is still written if there comes one.
void Connection::client_is_gone() {
  peer_ended_ = true;
  if (auto gone = std::exchange(gone_, nullptr)) gone();
}

void Connection::on_gone(std::function<void()> handler) {
  if (phase_ != Phase::handling) return;
  gone_ = std::move(handler);
  if (!peer_ended_) return;
  boost::asio::post(transport_->socket().executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::handling) self->client_is_gone();
  });
}

void Connection::drop() {
  if (phase_ != Phase::handling) return;
  const auto self = shared_from_this();
  try { // called while something else is being unwound
    answer(problem({500, "the request was given up without an answer"}));
  } catch (const std::exception& error) {
    give_up(error.what());
  }
}

void Connection::answer(Response response) {
  if (phase_ != Phase::handling) return;
  const auto self = shared_from_this();
  try { // nobody answers a second time: what can't be written now closes the connection
    write_answer(response);
  } catch (const std::exception& error) {
    return give_up(error.what());
  }
  pump();
}

void Connection::write_answer(const Response& response) {
  const auto forget = std::exchange(gone_, nullptr); // what it holds may hold this connection
  close_after_ = !reader_.framing().keep_alive || host_->draining;
  const Sending sending{host_->date.get(), close_after_, reader_.framing().is_head};
  take_memory();
  if (!write_response(out_, response, sending)) {
    host_->log.error("http.response_unwritable", {{"path", reader_.request().path}, {"status", response.status}});
    write_response(out_, problem({500, {}}), sending);
  }
  write(close_after_ ? Next::close : Next::request);
}

void Connection::refuse(const Refusal& refusal) {
  host_->rejections.count(refusal.status);
  host_->log.debug("http.refused", {{"status", refusal.status}, {"reason", refusal.reason}, {"peer", peer_.address}});
  close_after_ = true;
  take_memory();
  write_response(out_, problem(refusal), {host_->date.get(), true, false});
  write(Next::close);
}

// Of those that are idle none keeps what its answer took: a thousand of them would hold a thousand answers' memory.
void Connection::take_memory() {
  if (!host_->spare.empty()) {
    out_ = std::move(host_->spare.back());
    host_->spare.pop_back();
  }
  out_.clear(); // last: nothing of an answer before stays in it
}

void Connection::give_memory_back() {
  constexpr std::size_t kLeast = 1024, kMost = 256 * 1024; // bytes that are worth keeping
  const bool worth = out_.capacity() >= kLeast && out_.capacity() <= kMost;
  if (worth && host_->spare.size() < host_->spare.capacity()) host_->spare.push_back(std::move(out_));
  out_ = std::string();
}

void Connection::write(Next next) {
  if (phase_ == Phase::handling) --host_->under_way;
  phase_ = Phase::writing;
  next_ = next;
  written_ = 0;
  if (next == Next::body) return;
  set_time(host_->limits.write_time);
  write_ends_ = expires_;
}

bool Connection::write_step() {
  const auto moved = transport_->write(std::string_view(out_).substr(written_));
  if (moved.io == Io::wait_write) {
    wait_writable();
    return false;
  }
  if (moved.io == Io::wait_read) { // TLS has to hear something before it goes on
    wait_readable();
    return false;
  }
  if (moved.io != Io::moved) {
    close();
    return false;
  }
  written_ += moved.bytes;
  if (written_ == out_.size()) written();
  return true;
}

void Connection::written() {
  give_memory_back();
  if (next_ == Next::body) {
    phase_ = Phase::reading;
  } else if (next_ == Next::request && !host_->draining) {
    reader_.reset();
    asked_for_body_ = false;
    phase_ = Phase::reading;
    await_next();
  } else {
    linger();
    if (peer_ended_) close();
  }
}

// The client must read what was said last before a reset can destroy it: wait for its end.
void Connection::linger() {
  phase_ = Phase::lingering;
  transport_->farewell();
  transport_->socket().no_more_writes();
  backlog_.clear();
  set_time(kLinger);
}

bool Connection::linger_step() {
  if (!readable_) {
    wait_readable();
    return false;
  }
  const auto moved = transport_->socket().read(host_->scratch); // nobody wants to know what it says
  readable_ = moved.io == Io::moved && moved.bytes == host_->scratch.size();
  if (moved.io == Io::moved) discarded_ += moved.bytes;
  const bool over = moved.io == Io::ended || moved.io == Io::failed || discarded_ > kDiscarded;
  if (over) close();
  return !over;
}

void Connection::drain() {
  if (idle_since() || phase_ == Phase::greeting) close();
}

void Connection::wait_readable() {
  if (waiting_readable_) return;
  waiting_readable_ = true;
  transport_->socket().when_readable([self = shared_from_this()](const boost::system::error_code& error) {
    self->waiting_readable_ = false;
    if (error) return;
    self->readable_ = true;
    self->pump();
  });
}

void Connection::wait_writable() {
  if (waiting_writable_) return;
  waiting_writable_ = true;
  transport_->socket().when_writable([self = shared_from_this()](const boost::system::error_code& error) {
    self->waiting_writable_ = false;
    if (!error) self->pump();
  });
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  auto* host = host_;
  const auto gone = let_go();
  host->closed(*this);
  if (gone) gone();
}

void Connection::abandon() {
  const auto self = shared_from_this();
  let_go();
}

std::function<void()> Connection::let_go() {
  if (phase_ == Phase::reading) transport_->farewell(); // no answer is cut short
  if (phase_ == Phase::handling) --host_->under_way;
  phase_ = Phase::closed;
  transport_.reset();
  place_ = {};
  host_ = nullptr;
  return std::exchange(gone_, nullptr);
}

} // namespace plugboard::http
