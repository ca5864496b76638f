using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Engines;

/// <summary>
/// A place in the graph whose backward pass a <see cref="LayerCall"/> does. Arguments: the tensor before it; a tensor
/// that requires gradients and gets none, so that the probe is in the graph even if nothing before it is; the call.
/// </summary>
internal sealed class GradientProbe : autograd.SingleTensorFunction<GradientProbe>
{
    private const string Key = "call";

    public override string Name => nameof(GradientProbe);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (LayerCall)vars[2];
        ctx.set_materialize_grads(false);
        ctx.save_data(Key, call);
        return call.Replacement ?? (Tensor)vars[0];
    }

    // Called from native code, which an exception must not cross: the receiver keeps what it throws.
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [((LayerCall)ctx.get_data(Key)).Receive(grad_output), null!, null!];
}
