// Beast's parser, told to store nothing that we do not ask for: views into the head, and the body in one string. Only
// the two readers include it. A head is given to it whole and already judged (strict_head.hpp).
#pragma once

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::http {

struct Parsed {
  std::string_view method; // of a request
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  std::string body;
  std::size_t body_limit = 0;
  bool body_too_large = false;
};

template <bool is_request>
class Parser final : public boost::beast::http::basic_parser<is_request> {
  using Base = boost::beast::http::basic_parser<is_request>;
  using View = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;

 public:
  explicit Parser(Parsed& into) : into_(into) {
    this->header_limit(UINT32_MAX); // ours was held before the head came here
    this->body_limit(boost::none);  // ours is held below
  }

  // Bytes taken; `failed` when these can be no part of the message.
  std::size_t take(std::string_view bytes, bool& failed) {
    ErrorCode error;
    input_ = bytes;
    const auto taken = this->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    failed = error && error != boost::beast::http::error::need_more;
    return taken;
  }

 private:
  static constexpr std::size_t kChunkExtensions = 256;

  void on_request_impl(boost::beast::http::verb, View method, View target, int, ErrorCode&) override {
    into_.method = method;
    into_.target = target;
  }

  void on_response_impl(int, View, int, ErrorCode&) override {}

  void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode& error) override {
    const auto* end = input_.data() + input_.size();
    const bool unfolded = value.empty() || (value.data() >= input_.data() && value.data() + value.size() <= end);
    if (!unfolded)
      error = boost::beast::http::error::bad_value;
    else if (!in_trailers_) // trailers are read, and forgotten
      into_.fields.emplace_back(name, value);
  }

  void on_header_impl(ErrorCode&) override { in_trailers_ = true; }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override {
    if (length && *length <= into_.body_limit) into_.body.reserve(*length);
  }

  std::size_t on_body_impl(View bytes, ErrorCode& error) override { return append(bytes, error); }

  std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& error) override { return append(bytes, error); }

  void on_chunk_header_impl(std::uint64_t size, View extensions, ErrorCode& error) override {
    if (extensions.size() > kChunkExtensions) error = boost::beast::http::error::bad_chunk_extension;
    if (size > into_.body_limit - into_.body.size()) too_large(error);
  }

  void on_finish_impl(ErrorCode&) override {}

  std::size_t append(View bytes, ErrorCode& error) {
    if (bytes.size() > into_.body_limit - into_.body.size()) {
      too_large(error);
      return 0;
    }
    into_.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void too_large(ErrorCode& error) {
    into_.body_too_large = true;
    error = boost::beast::http::error::body_limit;
  }

  Parsed& into_;
  std::string_view input_;
  bool in_trailers_ = false;
};

} // namespace plugboard::http
