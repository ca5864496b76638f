using System.Globalization;
using CsvHelper;
using DasAudit.Core.Files;

namespace DasAudit.Core.Retraining;

/// <summary>Raw errors of queries under retrained models.</summary>
/// <param name="Models">Names of the models, each once.</param>
/// <param name="Queries">The pictures, as given, each once.</param>
/// <param name="Timesteps">Ascending.</param>
/// <param name="Errors">One a model, with one row a query.</param>
internal sealed record LossTable(
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Queries,
    IReadOnlyList<int> Timesteps,
    IReadOnlyList<QueryErrors> Errors
)
{
    /// <summary>Writes one line for each model, query and timestep, as CSV.</summary>
    public void Write(string path) =>
        AtomicFile.Write(
            path,
            (TextWriter file) =>
            {
                using var csv = new CsvWriter(file, CultureInfo.InvariantCulture, leaveOpen: true);
                csv.WriteRecords(Rows());
            }
        );

    private IEnumerable<LossRow> Rows() =>
        from m in Enumerable.Range(0, Models.Count)
        from q in Enumerable.Range(0, Queries.Count)
        from t in Enumerable.Range(0, Timesteps.Count)
        select new LossRow(Models[m], Queries[q], Timesteps[t], Errors[m].Losses[q][t], Errors[m].Changes[q][t]);

    // Names become the header.
    private sealed record LossRow(string model, string query, int timestep, double loss, double change);
}
