// What a test puts behind the probe plugin: the plugin is a real library that hands everything on to here, so that each
// test writes the misbehaviour that it needs. Its address travels in the configuration.
#pragma once

#include <plugboard/abi.h>

#include <atomic>
#include <functional>
#include <string_view>

struct Control {
  std::function<void(const plugboard_host* host, std::string_view config)> on_create;
  std::function<void(const plugboard_host* host, const plugboard_request& request, plugboard_call* call)> on_call;
  std::function<void(const plugboard_host* host, const plugboard_request& request, plugboard_call* call)> on_check;
  std::function<void(plugboard_call* call)> on_cancel;
  std::function<void()> on_stop;
  std::atomic<const plugboard_host*> host{nullptr};
  std::atomic<std::atomic<int>*> own_static{nullptr}; // of the library that this control was given to
  std::atomic<int> stops{0}, destroys{0};
};
