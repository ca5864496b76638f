using DasAudit.Abstractions;

namespace DasAudit.Testing;

/// <summary>A model of known cost: it sleeps before each prediction, so long for every row of the batch.</summary>
internal static class SlowModel
{
    internal static IDiffusionModel Of(IDiffusionModel model, int millisecondsPerRow) =>
        new FunctionModel(
            model.Network,
            model.PictureShape,
            (noisy, timesteps, condition) =>
            {
                Thread.Sleep((int)noisy.shape[0] * millisecondsPerRow);
                return model.Predict(noisy, timesteps, condition);
            }
        );
}
