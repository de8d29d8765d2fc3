/* plugboard.host.tcp/1: where a server that the operator granted ("tcp:HOST:PORT" in `grants.egress`) is reached. */
#ifndef PLUGBOARD_HOST_TCP_H
#define PLUGBOARD_HOST_TCP_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_TCP_V1 "plugboard.host.tcp/1"

typedef struct plugboard_host_tcp_v1 {
  plugboard_prefix p;
  /* [any that may wait for a name server: not an async plugin's call()] Where this plugin connects to for HOST:PORT of
   * a grant: receive() gets an address in digits ("127.0.0.1", "::1") and a port, once for each place to be tried, the
   * best first, before locate returns. Whatever is there carries bytes to HOST:PORT and back: TLS is the plugin's own,
   * with HOST as the server's name. Asked anew for each connection. PLUGBOARD_EGRESS_DENIED: not granted;
   * PLUGBOARD_UNREACHABLE: its name leads nowhere, or to where the hub lets nobody go; PLUGBOARD_FAILED: no host, no
   * port. Then receive() is not called. */
  int32_t (*locate)(const plugboard_host* host, plugboard_str name, uint16_t port, void* user,
                    void (*receive)(void* user, plugboard_str address, uint16_t port));
} plugboard_host_tcp_v1;

#ifdef __cplusplus
}
#endif
#endif
