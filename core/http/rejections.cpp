#include "core/http/rejections.hpp"

namespace plugboard::http {
namespace {

Counter& counter(Metrics& metrics, std::string_view reason) {
  return metrics.counter("plugboard_http_rejected_total", "Requests and connections refused before anything read them",
                         {{"reason", reason}});
}

} // namespace

Rejections::Rejections(Metrics& metrics)
    : malformed_(counter(metrics, "malformed")), certificate_(counter(metrics, "certificate")),
      too_large_(counter(metrics, "too_large")), timeout_(counter(metrics, "timeout")),
      unsupported_(counter(metrics, "unsupported")), connections_(counter(metrics, "connections")),
      address_(counter(metrics, "address")), idle_(counter(metrics, "idle")), unread_(counter(metrics, "unread")) {}

void Rejections::count(int status) {
  if (status == 408)
    timeout_.add();
  else if (status == 401)
    certificate_.add();
  else if (status == 413 || status == 431)
    too_large_.add();
  else if (status == 417 || status == 501 || status == 505)
    unsupported_.add();
  else
    malformed_.add();
}

} // namespace plugboard::http
