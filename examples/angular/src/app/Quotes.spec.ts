import { provideHttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Login } from './Login';
import { Quotes } from './Quotes';

describe('Quotes', () => {
  beforeEach(() => TestBed.configureTestingModule({ providers: [provideHttpClient()] }));

  it('has no socket before a login, and leaves it with a logout', () => {
    const { socket } = TestBed.inject(Quotes);
    TestBed.tick();
    expect(socket.status().state).toBe('idle');
    TestBed.inject(Login).logIn('ada');
    TestBed.tick();
    expect(socket.status().state).toBe('connecting');
    TestBed.inject(Login).logOut();
    TestBed.tick();
    expect(socket.status().state).toBe('idle');
  });
});
