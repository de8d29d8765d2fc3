/* plugboard.host.metrics/1: what a plugin counts, for whoever runs the hub. Its manifest declares each metric, with
 * every value that a label may have, so that nothing of a customer ever becomes a label. The hub's /metrics shows it as
 * plugboard_plugin_PLUGIN_NAME{connector="CONNECTOR", …}. */
#ifndef PLUGBOARD_HOST_METRICS_H
#define PLUGBOARD_HOST_METRICS_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_METRICS_V1 "plugboard.host.metrics/1"

typedef struct plugboard_host_metrics_v1 {
  plugboard_prefix p;
  /* [any] A counter grows by value (not less than 0), a gauge becomes value, a histogram notes it. labels: one value
   * for each label, in the manifest's order. PLUGBOARD_NOT_FOUND: the manifest declares no such metric, or not these
   * values of its labels; PLUGBOARD_FAILED: no number that it takes. Both are counted and change nothing. */
  int32_t (*record)(const plugboard_host* host, plugboard_str name, const plugboard_str* labels, size_t label_count,
                    double value);
} plugboard_host_metrics_v1;

#ifdef __cplusplus
}
#endif
#endif
