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
            if (row.timestep < 0 || row.timestep >= trainTimesteps)
                throw new AuditException(
                    $"'{file}' has a loss at timestep {row.timestep}; the model has timesteps 0 to "
                        + $"{trainTimesteps - 1}."
                );
            if (!_rows.TryAdd((row.model, row.query, row.timestep), row))
                throw new AuditException($"'{file}' has two losses of {Words(row.model, row.query, row.timestep)}.");
        }

        Timesteps = [.. table.Rows.Select(row => row.timestep).Distinct().Order()];
    }

    /// <summary>All of them, ascending.</summary>
    internal IReadOnlyList<int> Timesteps { get; }

    /// <summary>The errors of some queries under a model.</summary>
    /// <exception cref="AuditException">One is missing.</exception>
    internal QueryErrors Of(string model, IReadOnlyList<string> queries) =>
        new(
            [.. queries.Select(query => Row(model, query).Select(cell => cell.loss).ToArray())],
            [.. queries.Select(query => Row(model, query).Select(cell => cell.change).ToArray())]
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
