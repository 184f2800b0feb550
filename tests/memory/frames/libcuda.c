/* NVIDIA's driver without a device: what `cuda-bindings` finds when a test says so. Its signatures are those of cuda.h, so a call that it takes, with
   the arguments that it gets, is one that the real driver would get. Device memory is a memfd; every call is a line in the file $FAKE_CUDA_LOG. */
#define _GNU_SOURCE
#include <cuda.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#undef cuGetProcAddress
#undef cuMemGetInfo
#undef cuMemHostRegister
#undef cuMemcpyHtoDAsync
#undef cuStreamDestroy
#undef cuEventDestroy
#undef cuDevicePrimaryCtxRelease

static int file = -1;
static size_t end = 0;

static CUresult say(const char *form, ...) {
    FILE *log = fopen(getenv("FAKE_CUDA_LOG"), "a");
    va_list arguments;
    va_start(arguments, form);
    vfprintf(log, form, arguments);
    va_end(arguments);
    fputc('\n', log);
    fclose(log);
    return CUDA_SUCCESS;
}

CUresult cuGetProcAddress_v2(const char *symbol, void **function, int version, cuuint64_t flags, CUdriverProcAddressQueryResult *status) {
    char later[256];
    snprintf(later, sizeof later, "%s_v2", symbol);
    *function = dlsym(RTLD_DEFAULT, "none");
    void *self = dlopen("libcuda.so.1", RTLD_NOLOAD | RTLD_NOW);
    *function = dlsym(self, symbol) ? dlsym(self, symbol) : dlsym(self, later);
    if (status) *status = *function ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    return CUDA_SUCCESS;
}
CUresult cuGetProcAddress(const char *symbol, void **function, int version, cuuint64_t flags) {
    return cuGetProcAddress_v2(symbol, function, version, flags, NULL);
}
CUresult cuInit(unsigned flags) { file = memfd_create("device", 0); return say("cuInit %u", flags); }
CUresult cuDriverGetVersion(int *version) { *version = CUDA_VERSION; return CUDA_SUCCESS; }
CUresult cuGetErrorString(CUresult error, const char **text) { *text = "as the fake was told"; return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice *device, int ordinal) { *device = ordinal; return ordinal > 3 ? CUDA_ERROR_INVALID_DEVICE : say("cuDeviceGet %d", ordinal); }
CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device) { *value = device != 3; return say("cuDeviceGetAttribute %d %d", attribute, device); }
CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) { *context = (CUcontext)0xc0; return say("cuDevicePrimaryCtxRetain %d", device); }
CUresult cuCtxSetCurrent(CUcontext context) { return context == (CUcontext)0xc0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT; }
CUresult cuMemGetInfo_v2(size_t *free, size_t *total) { *free = 100; *total = 200; return CUDA_SUCCESS; }
CUresult cuMemGetAllocationGranularity(size_t *size, const CUmemAllocationProp *what, CUmemAllocationGranularity_flags option) {
    *size = 2 << 20;
    return say("cuMemGetAllocationGranularity %d %d %d %d", what->type, what->location.type, what->location.id, option);
}
CUresult cuMemAddressReserve(CUdeviceptr *at, size_t size, size_t alignment, CUdeviceptr hint, unsigned long long flags) {
    char *found = mmap(NULL, size + alignment, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *at = ((CUdeviceptr)found + alignment - 1) / alignment * alignment;
    return say("cuMemAddressReserve %zu %zu %llu %llu", size, alignment, hint, flags);
}
CUresult cuMemAddressFree(CUdeviceptr at, size_t size) { return say("cuMemAddressFree %zu", size); }
CUresult cuMemCreate(CUmemGenericAllocationHandle *handle, size_t size, const CUmemAllocationProp *what, unsigned long long flags) {
    if (end + size > 8 << 20) return CUDA_ERROR_OUT_OF_MEMORY;
    *handle = 1000 + end;
    end += size;
    if (ftruncate(file, end)) abort();
    return say("cuMemCreate %zu %d %d %d %d %llu", size, what->type, what->requestedHandleTypes, what->location.type, what->location.id, flags);
}
CUresult cuMemRelease(CUmemGenericAllocationHandle handle) { return say("cuMemRelease %llu", handle); }
CUresult cuMemMap(CUdeviceptr at, size_t size, size_t offset, CUmemGenericAllocationHandle handle, unsigned long long flags) {
    if (mmap((void *)at, size, PROT_NONE, MAP_SHARED | MAP_FIXED, file, handle - 1000 + offset) != (void *)at) abort();
    return say("cuMemMap %zu %zu %llu %llu", size, offset, handle, flags);
}
CUresult cuMemUnmap(CUdeviceptr at, size_t size) {
    mmap((void *)at, size, PROT_NONE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
    return say("cuMemUnmap %zu", size);
}
CUresult cuMemSetAccess(CUdeviceptr at, size_t size, const CUmemAccessDesc *what, size_t count) {
    mprotect((void *)at, size, PROT_READ | (what->flags == CU_MEM_ACCESS_FLAGS_PROT_READWRITE ? PROT_WRITE : 0));
    return say("cuMemSetAccess %zu %d %d %d %zu", size, what->location.type, what->location.id, what->flags, count);
}
CUresult cuMemHostAlloc(void **at, size_t size, unsigned flags) { *at = aligned_alloc(4096, size); return say("cuMemHostAlloc %zu %u", size, flags); }
CUresult cuMemHostRegister_v2(void *at, size_t size, unsigned flags) {
    if (size > 4 << 20) return CUDA_ERROR_OUT_OF_MEMORY;
    if (size > 2 << 20) return CUDA_ERROR_NOT_SUPPORTED;
    return say("cuMemHostRegister %zu %u", size, flags);
}
CUresult cuMemHostUnregister(void *at) { return say("cuMemHostUnregister"); }
CUresult cuMemFreeHost(void *at) { free(at); return say("cuMemFreeHost"); }
CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t size, CUstream stream) {
    memcpy((void *)to, from, size);
    return say("cuMemcpyHtoDAsync %zu %p", size, (void *)stream);
}
CUresult cuStreamCreate(CUstream *stream, unsigned flags) { *stream = (CUstream)0x50; return say("cuStreamCreate %u", flags); }
CUresult cuStreamDestroy_v2(CUstream stream) { return say("cuStreamDestroy %p", (void *)stream); }
CUresult cuEventCreate(CUevent *event, unsigned flags) { *event = (CUevent)0xe0; return say("cuEventCreate %u", flags); }
CUresult cuEventRecord(CUevent event, CUstream stream) { return say("cuEventRecord %p %p", (void *)event, (void *)stream); }
CUresult cuEventQuery(CUevent event) { return event == (CUevent)0xe0 ? CUDA_SUCCESS : event == (CUevent)0xe1 ? CUDA_ERROR_NOT_READY : CUDA_ERROR_ILLEGAL_ADDRESS; }
CUresult cuEventSynchronize(CUevent event) { usleep(event == (CUevent)0xe0 ? 0 : 200000); return say("cuEventSynchronize %p", (void *)event); }
CUresult cuEventDestroy_v2(CUevent event) { return say("cuEventDestroy %p", (void *)event); }
