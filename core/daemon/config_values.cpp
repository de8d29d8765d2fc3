#include "core/daemon/config_values.hpp"

#include "core/json/pointer.hpp"

#include <filesystem>

namespace plugboard::daemon {

using json::member;
using json::text_of;

std::string text_at(const ConfigValue& root, std::string_view pointer, std::string_view otherwise) {
  const auto* value = json::at_pointer(root, pointer);
  return std::string(value && value->IsString() ? text_of(*value) : otherwise);
}

// What is larger than any number that the schema allows has been refused; it must not be reckoned with either.
std::int64_t number_at(const ConfigValue& root, std::string_view pointer, std::int64_t otherwise) {
  constexpr std::int64_t kLargest = 1'000'000'000;
  const auto* value = json::at_pointer(root, pointer);
  if (!value || !value->IsInt64()) return otherwise;
  const auto number = value->GetInt64();
  return number >= -kLargest && number <= kLargest ? number : otherwise;
}

std::vector<std::string> texts_of(const ConfigValue* array) {
  std::vector<std::string> texts;
  if (array && array->IsArray())
    for (const auto& entry : array->GetArray())
      if (entry.IsString()) texts.emplace_back(text_of(entry));
  return texts;
}

std::string ConfigPlace::absolute(const std::string& path) const {
  return path.empty() ? path : (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::optional<SecretReference> ConfigPlace::secret(const ConfigValue& value, std::string pointer) const {
  if (const auto* env = member(value, "env"); env && env->IsString())
    return SecretReference{SecretReference::Kind::env, std::string(text_of(*env)), std::move(pointer)};
  if (const auto* file = member(value, "file"); file && file->IsString())
    return SecretReference{SecretReference::Kind::file, absolute(std::string(text_of(*file))), std::move(pointer)};
  return std::nullopt;
}

std::optional<http::TcpEndpoint> ConfigPlace::endpoint(std::string_view pointer) const {
  auto text = text_at(root, pointer);
  if (text.empty()) return std::nullopt;
  auto parsed = http::parse_tcp_endpoint(text);
  if (parsed) return std::get<http::TcpEndpoint>(*parsed);
  fault(std::string(pointer), parsed.error().message);
  return std::nullopt;
}

std::optional<TlsConfig> ConfigPlace::tls(const std::string& pointer) const {
  const auto* tls = json::at_pointer(root, pointer);
  if (!tls || !tls->IsObject()) return std::nullopt;
  const auto part = [&](std::string_view name) {
    const auto* value = member(*tls, name);
    return value ? secret(*value, pointer + "/" + std::string(name)) : std::nullopt;
  };
  auto certificate = part("certificate"), key = part("key");
  auto client_ca = part("client_ca");
  const auto whom = text_at(*tls, "/client_certificates", client_ca ? "optional" : "");
  if (!whom.empty() && !client_ca)
    fault(pointer + "/client_certificates", "needs \"client_ca\", the certificates of those who sign the clients' "
                                            "certificates; add it beside");
  if (!certificate || !key) return std::nullopt; // the schema has said so
  TlsConfig config{*certificate, *key, client_ca, http::ClientCertificates::none};
  if (client_ca)
    config.client_certificates =
        whom == "required" ? http::ClientCertificates::required : http::ClientCertificates::optional;
  return config;
}

} // namespace plugboard::daemon
