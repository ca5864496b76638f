using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>Where a model runs.</summary>
internal static class ModelDevice
{
    public static Device Device(this IDiffusionModel model) => model.Network.parameters().First().device;

    /// <summary>
    /// Whether batches hold passes of many pictures: only devices other than the processor are idle with fewer.
    /// </summary>
    /// <param name="chosen">Null for what suits the device; tests of that way go it on the processor.</param>
    public static bool TakesManyPictures(this DeviceType device, bool? chosen) => chosen ?? device != DeviceType.CPU;
}
