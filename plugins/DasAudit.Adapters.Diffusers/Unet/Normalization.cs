using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Unet;

internal static class Normalization
{
    /// <summary>
    /// Calls the layer on row-major input, keeps the input's layout. libtorch's backward pass over channels-last input
    /// with few channels a group takes thirty times as long, more than two copies and the convolution behind it.
    /// </summary>
    internal static Tensor CallRowMajor(this GroupNorm norm, Tensor input)
    {
        if (input.is_contiguous())
            return norm.call(input);
        return norm.call(input.contiguous()).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
    }
}
