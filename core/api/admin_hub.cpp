// What concerns the hub as a whole: its figures, its connectors, how it may be asked.
#include "core/api/admin_pages.hpp"
#include "core/api/connector_page.hpp"
#include "core/api/openapi.hpp"

namespace plugboard::api {

void show_metrics(const AdminVisit& visit, http::Responder responder) {
  responder.send(admin_page(visit.rooms.metrics.text(), "text/plain; version=0.0.4; charset=utf-8"));
}

void show_admin_openapi(const AdminVisit&, http::Responder responder) {
  responder.send(admin_page(std::string(admin_openapi_document())));
}

void list_connectors(const AdminVisit& visit, http::Responder responder) {
  responder.send(admin_page(connectors_page(*visit.generation)));
}

} // namespace plugboard::api
