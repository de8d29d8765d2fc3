// Forwards each function of the ABI's table to the test's Control, without the SDK's wrapper: nothing is caught here.
#include "control.hpp"

#include <plugboard/health.h>

#include <charconv>
#include <string>

namespace {

std::atomic<int> counter{0}; // each mapping of this library has its own

Control& control(void* instance) {
  return *static_cast<Control*>(instance);
}

std::int32_t create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error*) {
  const std::string_view text(config.data, config.size); // {"control": 123}
  std::uintptr_t address = 0;
  const std::size_t digits = text.find_first_of("0123456789");
  std::from_chars(text.data() + digits, text.data() + text.size(), address);
  *instance = reinterpret_cast<void*>(address);
  control(*instance).host = host;
  control(*instance).own_static = &counter;
  if (control(*instance).on_create) control(*instance).on_create(host, text);
  return PLUGBOARD_OK;
}

std::int32_t start(void*, plugboard_error*) {
  return PLUGBOARD_OK;
}

void call(void* instance, const plugboard_request* request, plugboard_call* handle) {
  ++counter;
  control(instance).on_call(control(instance).host, *request, handle);
}

void check(void* instance, const plugboard_request* request, plugboard_call* handle) {
  control(instance).on_check(control(instance).host, *request, handle);
}

const void* extension(void* instance, const char* id) {
  static const plugboard_health_v1 health{PLUGBOARD_PREFIX(plugboard_health_v1), &check};
  return control(instance).on_check && std::string_view(id) == PLUGBOARD_HEALTH_V1 ? &health : nullptr;
}

void cancel(void* instance, plugboard_call* handle) {
  if (control(instance).on_cancel) control(instance).on_cancel(handle);
}

void stop(void* instance) {
  ++control(instance).stops;
  if (control(instance).on_stop) control(instance).on_stop();
}

void destroy(void* instance) {
  ++control(instance).destroys;
}

const plugboard_connector kTable{PLUGBOARD_PREFIX(plugboard_connector),
                                 PLUGBOARD_PLUGIN_NAME,
                                 PLUGBOARD_PLUGIN_VERSION,
                                 0,
                                 0,
                                 0,
                                 &create,
                                 &start,
                                 &call,
                                 &cancel,
                                 &stop,
                                 &destroy,
                                 &extension};

} // namespace

extern "C" const plugboard_connector* plugboard_connector_entry_v1(void) {
  return &kTable;
}
