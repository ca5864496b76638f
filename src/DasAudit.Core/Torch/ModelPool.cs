namespace DasAudit.Core.Torch;

/// <summary>
/// Independent copies of one checkpoint on one device. A copy is used by one thread at a time; copies are loaded one
/// after the other, and only when none is idle. They are disposed of with the pool.
/// </summary>
/// <param name="load">Loads an independent copy; the pool disposes it.</param>
public sealed class ModelPool(Func<IDiffusionModel> load) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<ModelCopy, int> _idle = new();
    private int _loaded;

    /// <summary>Rents a copy as it was loaded, the first if that is idle. Disposing of it gives it back.</summary>
    /// <exception cref="AuditException">The checkpoint cannot be loaded.</exception>
    public ModelCopy Rent()
    {
        lock (_gate)
        {
            if (!_idle.TryDequeue(out var copy, out _))
                return new(load(), _loaded++, GiveBack);
            copy.Restore();
            return copy;
        }
    }

    /// <summary>Loads a copy for a user who changes its weights for good. Disposing of it unloads it.</summary>
    /// <exception cref="AuditException">The checkpoint cannot be loaded.</exception>
    public ModelCopy LoadToChange()
    {
        lock (_gate)
            return new(load(), _loaded, copy => copy.Model.Dispose());
    }

    /// <summary>Lends a copy to a user that gives it back when disposed.</summary>
    /// <param name="create">Makes the user; where that fails, the copy is given back at once.</param>
    internal TUser Lend<TUser>(Func<ModelCopy, TUser> create, bool toChange = false)
    {
        var copy = toChange ? LoadToChange() : Rent();
        try
        {
            return create(copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Unloads idle copies, the one loaded last first.</summary>
    /// <param name="copies">How many stay, at least 1.</param>
    public void Trim(int copies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        lock (_gate)
        {
            var staying = new List<ModelCopy>();
            while (staying.Count < copies && _idle.TryDequeue(out var copy, out _))
                staying.Add(copy);
            Unload();
            foreach (var copy in staying)
                _idle.Enqueue(copy, copy.Number);
        }
    }

    /// <summary>Unloads all copies; none may be rented.</summary>
    public void Dispose()
    {
        lock (_gate)
            Unload();
    }

    private void Unload()
    {
        while (_idle.TryDequeue(out var copy, out _))
            copy.Model.Dispose();
    }

    private void GiveBack(ModelCopy copy)
    {
        lock (_gate)
            _idle.Enqueue(copy, copy.Number);
    }
}
