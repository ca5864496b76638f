using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>Brings tensors of the processor to a device without waiting for what the device still computes.</summary>
internal static class Uploads
{
    /// <summary>The values on the device; the same tensor if they are there. In the caller's dispose scope.</summary>
    public static Tensor UploadTo(this Tensor values, Device device)
    {
        if (device.type != DeviceType.CUDA || values.device_type != DeviceType.CPU)
            return values.to(device);
        // A copy from memory that the system may move has to wait for its turn.
        using var pinned = values.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
