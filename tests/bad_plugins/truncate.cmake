# cmake -DFROM=file -DTO=file -DKEEP=40|half|-64 -P truncate.cmake: the beginning of a file.
file(SIZE ${FROM} size)
if(KEEP STREQUAL "half")
  math(EXPR KEEP "${size} / 2")
endif()
execute_process(COMMAND head -c ${KEEP} ${FROM} OUTPUT_FILE ${TO} COMMAND_ERROR_IS_FATAL ANY)
