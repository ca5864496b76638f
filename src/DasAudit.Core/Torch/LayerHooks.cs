using static TorchSharp.torch;
using Hookable = TorchSharp.torch.nn.HookableModule<
    System.Func<
        TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor
    >,
    System.Func<
        TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor,
        TorchSharp.torch.Tensor
    >
>;

namespace DasAudit.Core.Torch;

/// <summary>Hooks on modules that take one tensor and give one.</summary>
internal static class LayerHooks
{
    /// <summary>Sees every call of a layer.</summary>
    /// <param name="onCall">Given input and output; what it returns goes on in place of the output.</param>
    /// <returns>Removes the hook.</returns>
    public static Action OnCall(this nn.Module layer, Func<Tensor, Tensor, Tensor> onCall) =>
        ((Hookable)layer).register_forward_hook((_, input, output) => onCall(input, output)).remove;
}
