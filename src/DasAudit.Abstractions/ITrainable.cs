namespace DasAudit.Abstractions;

/// <summary>
/// The face of an <see cref="IDiffusionModel"/> that can be trained and written back. A fresh, untrained copy comes
/// from <see cref="IModelAdapter.Load"/> with <see cref="ModelLoadOptions.UntrainedSeed"/> or
/// <see cref="ModelLoadOptions.NewLora"/>; the loss is the mean squared error of <see cref="IDiffusionModel.Predict"/>
/// against <see cref="IForwardProcess.Target"/>. What is trained are the parameters of
/// <see cref="IDiffusionModel.IsAttributed"/>.
/// </summary>
public interface ITrainable
{
    /// <summary>Writes what was trained so that the adapter and the family's own library can load it.</summary>
    /// <param name="folder">A new or existing folder; files of the same names are replaced, each atomically.</param>
    /// <param name="halfPrecision">Store weights as float16 (half the size, rounded); default false.</param>
    void Save(string folder, bool halfPrecision = false);
}
