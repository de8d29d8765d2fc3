// The pages of the admin API, each in the file of its subject. [the daemon's own thread]
#pragma once

#include "core/api/admin_route.hpp"

namespace plugboard::api {

// admin_hub.cpp
void show_metrics(const AdminVisit& visit, http::Responder responder);
void show_admin_openapi(const AdminVisit& visit, http::Responder responder);
void list_connectors(const AdminVisit& visit, http::Responder responder);

// admin_plugins.cpp
void list_plugins(const AdminVisit& visit, http::Responder responder);

// admin_policy.cpp
void show_policy(const AdminVisit& visit, http::Responder responder);
void explain_policy(const AdminVisit& visit, http::Responder responder);
void test_policy(const AdminVisit& visit, http::Responder responder);

// admin_cache.cpp
void show_cache(const AdminVisit& visit, http::Responder responder);
void purge_cache(const AdminVisit& visit, http::Responder responder);

// admin_clients.cpp
void list_clients(const AdminVisit& visit, http::Responder responder);
void add_client(const AdminVisit& visit, http::Responder responder);
void rotate_client(const AdminVisit& visit, http::Responder responder);
void remove_client(const AdminVisit& visit, http::Responder responder);

// admin_customers.cpp
void export_customer(const AdminVisit& visit, http::Responder responder);
void erase_customer(const AdminVisit& visit, http::Responder responder);

// admin_audit.cpp
void list_audit(const AdminVisit& visit, http::Responder responder);
void verify_audit(const AdminVisit& visit, http::Responder responder);

// admin_sessions.cpp
void list_sessions(const AdminVisit& visit, http::Responder responder);
void revoke_sessions(const AdminVisit& visit, http::Responder responder);

} // namespace plugboard::api
