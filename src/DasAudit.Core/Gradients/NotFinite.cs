using DasAudit.Abstractions;

namespace DasAudit.Core.Gradients;

/// <summary>The message about a gradient that is NaN or infinite.</summary>
internal static class NotFinite
{
    public static AuditException Gradient(string picture, int timestep, string layer) =>
        new($"The gradient of '{picture}' at timestep {timestep} is not finite in layer {layer}; check the model's weights, or leave that layer out with --parameters.");
}
