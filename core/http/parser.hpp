// Beast's parser, given one whole head that is judged already (strict_head.hpp), and told to store views only. Only the
// two readers include it.
#pragma once

#include "core/http/strict_head.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::http {

struct ParsedHead {        // views into the head
  std::string_view method; // of a request
  std::string_view target;
  std::vector<std::pair<std::string_view, std::string_view>> fields;
};

template <bool is_request>
class Parser final : public boost::beast::http::basic_parser<is_request> {
  using View = boost::beast::string_view;
  using ErrorCode = boost::beast::error_code;

 public:
  explicit Parser(ParsedHead& into) : into_(into) {
    this->header_limit(UINT32_MAX); // ours was held before the head came here
    this->body_limit(boost::none);  // it sees no body
  }

  // False when it does not come to the very reading that strict_head did.
  bool parse(std::string_view head, const Framing& framing) {
    ErrorCode error;
    const auto taken = this->put(boost::asio::const_buffer(head.data(), head.size()), error);
    if ((error && error != boost::beast::http::error::need_more) || taken != head.size() || !this->is_header_done())
      return false;
    switch (framing.body) {
    case Body::none:
      return this->is_done();
    case Body::sized:
      return !this->is_done() && !this->chunked() && this->content_length().value_or(0) == framing.length;
    case Body::chunked:
      return !this->is_done() && this->chunked() && !this->content_length();
    case Body::until_close:
      return this->need_eof();
    }
    return false;
  }

 private:
  void on_request_impl(boost::beast::http::verb, View method, View target, int, ErrorCode&) override {
    into_.method = method;
    into_.target = target;
  }

  void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode&) override {
    into_.fields.emplace_back(name, value);
  }

  void on_response_impl(int, View, int, ErrorCode&) override {}

  void on_header_impl(ErrorCode&) override {}

  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}

  std::size_t on_body_impl(View, ErrorCode&) override { return 0; }

  std::size_t on_chunk_body_impl(std::uint64_t, View, ErrorCode&) override { return 0; }

  void on_chunk_header_impl(std::uint64_t, View, ErrorCode&) override {}

  void on_finish_impl(ErrorCode&) override {}

  ParsedHead& into_;
};

} // namespace plugboard::http
