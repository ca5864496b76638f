using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>The memory of a GPU, as its driver says.</summary>
internal static partial class DeviceMemory
{
    /// <summary>What is assumed where the driver says nothing: 4 GiB.</summary>
    public const long Least = 4L << 30;

    /// <summary>Bytes of all of a device's memory; null if its driver does not say.</summary>
    public static long? Total(Device device)
    {
        try
        {
            return
                Initialise(0) == 0
                && Get(out var number, device.index < 0 ? 0 : device.index) == 0
                && TotalMemory(out var bytes, number) == 0
                ? checked((long)bytes)
                : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether libtorch failed because the memory was too little.</summary>
    public static bool IsExhausted(ExternalException error) =>
        error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuInit")]
    private static partial int Initialise(uint flags);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static partial int Get(out int device, int ordinal);

    [LibraryImport("libcuda.so.1", EntryPoint = "cuDeviceTotalMem_v2")]
    private static partial int TotalMemory(out nuint bytes, int device);
}
