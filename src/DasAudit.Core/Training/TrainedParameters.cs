using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>The parameters that training changes: those that the model attributes, in the network's order.</summary>
internal static class TrainedParameters
{
    /// <summary>Names and parameters; owned by the network.</summary>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Of(IDiffusionModel model) =>
        [
            .. model
                .Network.named_parameters()
                .Where(named => model.IsAttributed(named.name))
                .Select(named => (named.name, (Tensor)named.parameter)),
        ];

    /// <summary>Whether some parameters stay as they are, as those below a LoRA do.</summary>
    public static bool AreSome(IDiffusionModel model) =>
        model.Network.named_parameters().Any(named => !model.IsAttributed(named.name));

    /// <summary>Puts a flat vector over the trained parameters into a model.</summary>
    public static void Copy(Tensor flat, IDiffusionModel model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long offset = 0;
        foreach (var (_, parameter) in Of(model))
        {
            parameter.copy_(flat.narrow(0, offset, parameter.numel()).view_as(parameter));
            offset += parameter.numel();
        }
    }

    /// <summary>Lets exactly the trained parameters require gradients.</summary>
    public static void RequireGradients(IDiffusionModel model)
    {
        foreach (var (name, parameter) in model.Network.named_parameters())
            parameter.requires_grad_(model.IsAttributed(name));
    }
}
