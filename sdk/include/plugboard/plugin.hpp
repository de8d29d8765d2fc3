// Writes a connector in C++20. Derive from the operations it offers, give it a constructor
//     MyConnector(plugboard::Host host, std::string_view config);
// that throws std::exception with a sentence for the operator when the configuration can't work, optionally
//     void start();   // throws alike
//     void stop();    // returns when no thread of its own runs; called once, also when start() was not or failed
// and end one source file with PLUGBOARD_EXPORT(MyConnector). Name, version and min_host_minor come from the manifest.
#pragma once

#include <plugboard/detail/thunks.hpp>
#include <plugboard/host.hpp>
#include <plugboard/operations.hpp>
#include <plugboard/text.hpp>

#ifndef PLUGBOARD_PLUGIN_MIN_HOST_MINOR // plugboard_add_plugin() says what the manifest has
#define PLUGBOARD_PLUGIN_MIN_HOST_MINOR 0
#endif

#define PLUGBOARD_EXPORT(Connector)                                                                                    \
  extern "C" PLUGBOARD_EXPORT_SYMBOL const plugboard_connector* plugboard_connector_entry_v1(void) {                   \
    return ::plugboard::detail::table<Connector>(PLUGBOARD_PLUGIN_NAME, PLUGBOARD_PLUGIN_VERSION,                      \
                                                 PLUGBOARD_PLUGIN_MIN_HOST_MINOR);                                     \
  }
