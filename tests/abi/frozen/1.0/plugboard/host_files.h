/* plugboard.host.files/1: files and folders that the operator granted to this connector (`grants.files`). */
#ifndef PLUGBOARD_HOST_FILES_H
#define PLUGBOARD_HOST_FILES_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_FILES_V1 "plugboard.host.files/1"

typedef struct plugboard_host_files_v1 {
  plugboard_prefix p;
  /* [any] A granted file ("ro:PATH"; path: PATH as the grant has it) as bytes: changed() runs once before watch
   * returns and again after each change, never two at once, on a thread of the hub, until stop() has returned. The
   * bytes live during changed(). PLUGBOARD_EGRESS_DENIED: not granted; PLUGBOARD_FAILED: cannot be read (changed() is
   * still called when it can be one day). */
  int32_t (*watch)(const plugboard_host* host, plugboard_str path, void* user,
                   void (*changed)(void* user, plugboard_str bytes));
  /* [any] Where something below a granted folder ("ro:FOLDER/") is for this plugin to open: receive() gets the path,
   * once, before locate returns. path: "FOLDER/shop.db" as the grant spells FOLDER; ".." is refused. */
  int32_t (*locate)(const plugboard_host* host, plugboard_str path, void* user,
                    void (*receive)(void* user, plugboard_str local_path));
} plugboard_host_files_v1;

#ifdef __cplusplus
}
#endif
#endif
