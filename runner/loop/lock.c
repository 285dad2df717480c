#include "lock.h"

void lock_init(pthread_mutex_t *lock)
{
    pthread_mutexattr_t how;
    pthread_mutexattr_init(&how);
    if (pthread_mutexattr_setprotocol(&how, PTHREAD_PRIO_INHERIT) != 0 ||
        pthread_mutex_init(lock, &how) != 0)
        pthread_mutex_init(lock, NULL);
    pthread_mutexattr_destroy(&how);
}
