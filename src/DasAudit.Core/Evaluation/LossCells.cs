using DasAudit.Core.Retraining;

namespace DasAudit.Core.Evaluation;

/// <summary>A table of losses, by model, query and timestep.</summary>
internal sealed class LossCells
{
    private readonly string _file;
    private readonly Dictionary<(string Model, string Query, int Timestep), LossRow> _rows = [];

    /// <param name="file">The table's, for messages.</param>
    /// <param name="trainTimesteps">T of the audited model.</param>
    /// <exception cref="AuditException">A timestep is none of the model's, or a row stands twice.</exception>
    internal LossCells(string file, LossTable table, int trainTimesteps)
    {
        _file = file;
        foreach (var row in table.Rows)
        {
            if (row.Timestep < 0 || row.Timestep >= trainTimesteps)
                throw new AuditException(
                    $"'{file}' has a loss at timestep {row.Timestep}; the model has timesteps 0 to "
                        + $"{trainTimesteps - 1}."
                );
            if (!_rows.TryAdd((row.Model, row.Query, row.Timestep), row))
                throw new AuditException($"'{file}' has two losses of {Words(row.Model, row.Query, row.Timestep)}.");
        }

        Timesteps = [.. table.Rows.Select(row => row.Timestep).Distinct().Order()];
    }

    /// <summary>All of them, ascending.</summary>
    internal IReadOnlyList<int> Timesteps { get; }

    /// <summary>The errors of some queries under a model.</summary>
    /// <exception cref="AuditException">One is missing.</exception>
    internal QueryErrors Of(string model, IReadOnlyList<string> queries) =>
        new(
            [.. queries.Select(query => Row(model, query).Select(cell => cell.Loss).ToArray())],
            [.. queries.Select(query => Row(model, query).Select(cell => cell.Change).ToArray())]
        );

    private IEnumerable<LossRow> Row(string model, string query) =>
        Timesteps.Select(timestep =>
            _rows.GetValueOrDefault((model, query, timestep))
            ?? throw new AuditException(
                $"'{_file}' has no loss of {Words(model, query, timestep)}; queries are named as on the command line."
            )
        );

    private static string Words(string model, string query, int timestep) =>
        $"'{query}' under '{model}' at timestep {timestep}";
}
