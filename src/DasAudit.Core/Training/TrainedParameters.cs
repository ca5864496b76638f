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

    /// <summary>Lets exactly the trained parameters require gradients.</summary>
    public static void RequireGradients(IDiffusionModel model)
    {
        foreach (var (name, parameter) in model.Network.named_parameters())
            parameter.requires_grad_(model.IsAttributed(name));
    }
}
