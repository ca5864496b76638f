using DasAudit.Core.Files;
using DasAudit.Core.Models;

namespace DasAudit.Core.Retraining;

/// <summary>Loads the models of a study.</summary>
/// <param name="audited">The audited model, whose architecture all have.</param>
internal sealed class StudyModels(RetrainingStudy study, AuditedModel audited)
{
    private readonly Lock _loading = new();

    /// <summary>Loads the model of a job, which is finished; the caller disposes it. Any thread may call it.</summary>
    /// <exception cref="AuditException">It has another architecture than the audited one.</exception>
    public IDiffusionModel Load(RetrainingJob job)
    {
        var model = LoadAny(job);
        if (ModelArchitecture.Of(model) == ModelArchitecture.Of(audited.Model))
            return model;
        model.Dispose();
        throw new AuditException(
            $"'{study.FolderOf(job)}' holds a model of another architecture than the audited one; choose another "
                + $"folder for {Settings.Name("study")}."
        );
    }

    /// <summary>The same as a model to audit.</summary>
    public AuditedModel Audited(RetrainingJob job)
    {
        using (Load(job)) { }
        return AuditedModel.Load(audited.Source.WithTrained(study.FolderOf(job)), audited.Device);
    }

    // Adapters are called from one thread at a time.
    private IDiffusionModel LoadAny(RetrainingJob job)
    {
        lock (_loading)
            return audited.Source.WithTrained(study.FolderOf(job)).Load(audited.Device);
    }
}
