using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>
/// Gradients for single samples of the mean prediction or of its error against the run's noise: in all parameters of
/// the network, or in those of its LoRA.
/// </summary>
internal sealed class NetworkGradients(GoldenInputs inputs, IDiffusionModel model, bool ofError) : IGoldenPart
{
    private const string Lora = "lora/";

    private const string ThroughPrompts = "lora/grad_mse_e2e";

    private string Kind => ofError ? "grad_mse" : "grad_output_mean";

    public bool Knows(GoldenVariant variant) =>
        variant.Base == $"unet/{Kind}" || variant.Base == Lora + Kind || (ofError && IsThroughPrompts(variant));

    public string? Obstacle(GoldenTensor tensor, GoldenVariant variant) =>
        (IsThroughPrompts(variant) ? inputs.PromptsLack() : inputs.NetworkLacks(variant))
        ?? (ofError ? inputs.Lacking(GoldenInputs.Noise) : null);

    public void Check(GoldenTensor tensor, GoldenVariant variant)
    {
        var values = Order(tensor).Parameters.Sum(parameter => parameter.NumberOfElements);
        tensor.Expect(inputs.Batch()[0], (values + tensor.Stride - 1) / tensor.Stride);
    }

    public AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant)
    {
        var order = Order(tensor);
        foreach (var parameter in model.Network.parameters())
            parameter.requires_grad_(false);
        foreach (var parameter in order.Parameters)
            parameter.requires_grad_(true);
        var expected = tensor.Read(ScalarType.Float32);
        var noise = ofError ? inputs.Floats(GoldenInputs.Noise) : null;
        var (sample, timesteps) = (inputs.Floats(GoldenInputs.Sample), inputs.Longs(GoldenInputs.Timesteps));
        using var conditions = IsThroughPrompts(variant) ? inputs.Prompts() : inputs.Conditions(variant);
        var worst = default(Difference);
        for (var row = 0; row < expected.shape[0]; row++)
        {
            using var scope = NewDisposeScope();
            var at = row;
            var output = model.Predict(
                sample.narrow(0, at, 1),
                timesteps.narrow(0, at, 1),
                conditions?.Select(condition => condition.narrow(0, at, 1))
            );
            if (!output.requires_grad)
                return new(tensor.CheckName, false, "the prediction is not differentiable in these parameters");
            var scalar = noise is null ? output.mean() : (output - noise.narrow(0, at, 1)).square().mean();
            var gradients = autograd.grad([scalar], [.. order.Parameters], allow_unused: true);
            var flat = cat([.. gradients.Zip(order.Parameters, FlatOrZero)]);
            worst = worst.Worst(Difference.Between(flat.slice(0, 0, flat.shape[0], tensor.Stride), expected[row]));
        }

        return worst.Result(
            tensor.CheckName,
            worst.RelL2 <= GoldenTolerance.Gradient,
            $"the worst row differs by {worst.RelL2:E1} in relative L2 ({GoldenTolerance.Gradient:E1} allowed), "
                + $"parameters in the order of {order.Source}"
        );
    }

    private GoldenOrder Order(GoldenTensor tensor)
    {
        var ofLora = tensor.Name.StartsWith(Lora, StringComparison.Ordinal);
        var ofAllNetworks = tensor.Name.StartsWith(ThroughPrompts, StringComparison.Ordinal);
        var parameters = model
            .Network.named_parameters()
            .Where(named => !ofLora || LoraParameterName.Of(named.name) is not null)
            .Select(named => (named.name, (Tensor)named.parameter));
        return GoldenOrder.Of(tensor, ofLora ? "lora_parameters" : "parameters", [.. parameters], ofAllNetworks);
    }

    // Through the text encoders, in the parameters of their LoRAs too.
    private static bool IsThroughPrompts(GoldenVariant variant) => variant.Base == ThroughPrompts;

    private static Tensor FlatOrZero(Tensor? gradient, Tensor parameter) =>
        gradient is null || gradient.IsInvalid ? zeros_like(parameter).flatten() : gradient.flatten();
}
