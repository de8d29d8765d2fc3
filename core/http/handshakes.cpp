#include "core/http/handshakes.hpp"

namespace plugboard::http {
namespace {

Counter& counter(Metrics& metrics, std::string_view outcome) {
  return metrics.counter("plugboard_tls_handshakes_total", "TLS handshakes of clients", {{"outcome", outcome}});
}

} // namespace

Handshakes::Handshakes(Metrics& metrics)
    : full(counter(metrics, "full")), resumed(counter(metrics, "resumed")), failed(counter(metrics, "failed")),
      timeout(counter(metrics, "timeout")) {}

} // namespace plugboard::http
