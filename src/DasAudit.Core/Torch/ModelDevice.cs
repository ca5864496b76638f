using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>Where a model runs.</summary>
internal static class ModelDevice
{
    public static Device Device(this IDiffusionModel model) => model.Network.parameters().First().device;
}
