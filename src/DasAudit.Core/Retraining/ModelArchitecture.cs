namespace DasAudit.Core.Retraining;

/// <summary>What models must have in common so that their losses can be compared.</summary>
internal static class ModelArchitecture
{
    /// <summary>The same text for models of one architecture: parameters, shapes, what is predicted.</summary>
    public static string Of(IDiffusionModel model)
    {
        var parameters = model
            .Network.named_parameters()
            .Select(named => $"{named.name} {string.Join('×', named.parameter.shape)}");
        var diffusion = $"{model.PictureShape} {model.Process.Prediction} {model.Process.TrainTimesteps}";
        return string.Join('\n', parameters.Append(diffusion));
    }
}
